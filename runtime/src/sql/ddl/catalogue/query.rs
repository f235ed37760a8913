//! What the two databases are asked about the tables whose names are bound, as an array of JSON.

/// Tables of FTS5's have no page of their own. `hidden` is above 1 where a column is computed.
pub(super) const SQLITE: &str = r#"WITH "named" AS MATERIALIZED (SELECT lower("value") AS "name" FROM json_each(?1)),
"ours" AS MATERIALIZED (
  SELECT "name" FROM sqlite_schema
  WHERE "type" = 'table' AND "rootpage" > 0 AND lower("name") IN (SELECT "name" FROM "named")
)
SELECT 'table ' || "t"."name", CASE WHEN "l"."strict" THEN 'STRICT' ELSE '' END
FROM "ours" AS "t", pragma_table_list("t"."name") AS "l" WHERE "l"."schema" = 'main'
UNION ALL
SELECT 'column ' || "t"."name" || '.' || "c"."name",
  "c"."type" || CASE WHEN "c"."notnull" THEN ' NOT NULL' ELSE '' END
  || CASE WHEN "c"."hidden" > 1 THEN ' GENERATED' WHEN "c"."dflt_value" IS NOT NULL THEN ' DEFAULT' ELSE '' END
FROM "ours" AS "t", pragma_table_xinfo("t"."name") AS "c"
UNION ALL
SELECT 'primary key ' || "t"."name" || '(' || coalesce((
    SELECT group_concat("name", ', ')
    FROM (SELECT "name" FROM pragma_table_xinfo("t"."name") WHERE "pk" > 0 ORDER BY "pk")
  ), '') || ')', ''
FROM "ours" AS "t"
UNION ALL
SELECT CASE WHEN "i"."unique" THEN 'unique ' ELSE 'index ' END || "t"."name" || '(' || (
    SELECT group_concat(coalesce("name", '..'), ', ')
    FROM (SELECT "name" FROM pragma_index_info("i"."name") ORDER BY "seqno")
  ) || ')' || CASE WHEN "i"."partial" THEN ' WHERE ..' ELSE '' END, ''
FROM "ours" AS "t", pragma_index_list("t"."name") AS "i" WHERE "i"."origin" <> 'pk'
UNION ALL
SELECT 'foreign key ' || "t"."name" || '.' || group_concat("f"."from", ', '),
  'REFERENCES ' || "f"."table"
  || CASE "f"."on_delete" WHEN 'NO ACTION' THEN '' ELSE ' ON DELETE ' || "f"."on_delete" END
FROM "ours" AS "t", pragma_foreign_key_list("t"."name") AS "f" GROUP BY "t"."name", "f"."id"
UNION ALL
SELECT 'search ' || "name", "sql" FROM sqlite_schema
WHERE "type" = 'table' AND "rootpage" = 0 AND lower("name") IN (SELECT "name" FROM "named")
UNION ALL
SELECT 'trigger ' || "s"."name", "s"."sql"
FROM "ours" AS "t" JOIN sqlite_schema AS "s" ON "s"."tbl_name" = "t"."name" COLLATE NOCASE
WHERE "s"."type" = 'trigger'"#;

/// Types have the names that the definitions use, which are shorter for three of them. An index that is not valid was
/// never finished.
pub(super) const POSTGRES: &str = r#"WITH "ours" AS MATERIALIZED (
  SELECT "c"."oid", "c"."relname"::text AS "name"
  FROM pg_catalog.pg_class AS "c" JOIN pg_catalog.pg_namespace AS "n" ON "n"."oid" = "c"."relnamespace"
  WHERE "n"."nspname" = current_schema() AND "c"."relkind" IN ('r', 'p')
    AND "c"."relname"::text IN (SELECT json_array_elements_text($1::json))
)
SELECT 'table ' || "t"."name", '' FROM "ours" AS "t"
UNION ALL
SELECT 'column ' || "t"."name" || '.' || "a"."attname"::text,
  CASE format_type("a"."atttypid", "a"."atttypmod")
    WHEN 'timestamp with time zone' THEN 'TIMESTAMPTZ'
    WHEN 'timestamp without time zone' THEN 'TIMESTAMP'
    WHEN 'time without time zone' THEN 'TIME'
    ELSE upper(format_type("a"."atttypid", "a"."atttypmod") COLLATE "C")
  END
  || coalesce(' COLLATE "' || "l"."collname"::text || '"', '')
  || CASE WHEN "a"."attnotnull" THEN ' NOT NULL' ELSE '' END
  || CASE WHEN "a"."attidentity" <> '' THEN ' IDENTITY' WHEN "a"."attgenerated" <> '' THEN ' GENERATED'
          WHEN "a"."atthasdef" THEN ' DEFAULT' ELSE '' END
FROM "ours" AS "t"
JOIN pg_catalog.pg_attribute AS "a" ON "a"."attrelid" = "t"."oid" AND "a"."attnum" > 0 AND NOT "a"."attisdropped"
LEFT JOIN pg_catalog.pg_collation AS "l" ON "l"."oid" = "a"."attcollation" AND "l"."collname" <> 'default'
UNION ALL
SELECT CASE WHEN "i"."indisprimary" THEN 'primary key ' WHEN "i"."indisunique" THEN 'unique ' ELSE 'index ' END
  || CASE WHEN "i"."indexprs" IS NOT NULL THEN "c"."relname"::text ELSE "t"."name" || '(' || (
    SELECT string_agg("a"."attname"::text, ', ' ORDER BY "k"."at")
    FROM unnest("i"."indkey"::int2[]) WITH ORDINALITY AS "k" ("number", "at")
    JOIN pg_catalog.pg_attribute AS "a" ON "a"."attrelid" = "i"."indrelid" AND "a"."attnum" = "k"."number"
    WHERE "k"."at" <= "i"."indnkeyatts"
  ) || ')' END
  || CASE WHEN "i"."indpred" IS NULL THEN '' ELSE ' WHERE ..' END, ''
FROM "ours" AS "t" JOIN pg_catalog.pg_index AS "i" ON "i"."indrelid" = "t"."oid" AND "i"."indisvalid"
JOIN pg_catalog.pg_class AS "c" ON "c"."oid" = "i"."indexrelid"
UNION ALL
SELECT 'foreign key ' || "t"."name" || '.' || (
    SELECT string_agg("a"."attname"::text, ', ' ORDER BY "k"."at")
    FROM unnest("f"."conkey") WITH ORDINALITY AS "k" ("number", "at")
    JOIN pg_catalog.pg_attribute AS "a" ON "a"."attrelid" = "f"."conrelid" AND "a"."attnum" = "k"."number"
  ),
  'REFERENCES ' || "c"."relname"::text || CASE "f"."confdeltype" WHEN 'a' THEN '' WHEN 'c' THEN ' ON DELETE CASCADE'
    WHEN 'n' THEN ' ON DELETE SET NULL' WHEN 'r' THEN ' ON DELETE RESTRICT' ELSE ' ON DELETE SET DEFAULT' END
FROM "ours" AS "t" JOIN pg_catalog.pg_constraint AS "f" ON "f"."conrelid" = "t"."oid" AND "f"."contype" = 'f'
JOIN pg_catalog.pg_class AS "c" ON "c"."oid" = "f"."confrelid""#;
