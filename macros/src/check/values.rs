//! Values of validation keys: ranges of literals, regular expressions, defaults.

use syn::{Expr, ExprLit, ExprRange, ExprUnary, Lit, LitStr, RangeLimits, UnOp, spanned::Spanned as _};

use crate::{
    errors::Errors,
    model::{Bound, Default, Length, Range},
    raw::{At, RawComputed},
};

/// `1..=80`, in characters.
pub(super) fn length(at: &At<ExprRange>, errors: &mut Errors) -> Option<Length> {
    let Range { min, max } = bounds(at, errors)?;
    let whole = |bound: Option<Bound>| match bound {
        None => Some(None),
        Some(Bound::Int(n)) => u32::try_from(n).ok().map(Some),
        Some(Bound::Float(_)) => None,
    };
    let (Some(min), Some(max)) = (whole(min), whole(max)) else {
        errors.at(at.span, "a length is a whole number from 0 to 4294967295, as in `length(1..=80)`");
        return None;
    };
    Some(Length { min: min.unwrap_or(0), max })
}

/// `-5..=5`, `0.5..=1.0`, `..100`
pub(super) fn range(at: &At<ExprRange>, errors: &mut Errors) -> Option<Range> {
    let range = bounds(at, errors)?;
    let float = |bound| matches!(bound, Some(Bound::Float(_)));
    if !float(range.min) && !float(range.max) {
        return Some(range);
    }
    // One end with a fraction makes both of them such: `0..=1.5`.
    let widen = |bound: Option<Bound>| bound.map(|bound| Bound::Float(as_float(bound)));
    Some(Range { min: widen(range.min), max: widen(range.max) })
}

fn bounds(at: &At<ExprRange>, errors: &mut Errors) -> Option<Range> {
    let ExprRange { start, limits, end, .. } = &at.value;
    let mut end_of = |side: &Option<Box<Expr>>| match side.as_deref().map(|expr| (expr, literal(expr))) {
        None => Some(None),
        Some((_, Some(bound))) => Some(Some(bound)),
        Some((expr, None)) => {
            errors.at(expr.span(), "a bound is a number as it stands, within i64 or f64");
            None
        }
    };
    let (min, max) = (end_of(start), end_of(end));
    let (min, max) = (min?, max?);
    let max = match (limits, max) {
        (RangeLimits::HalfOpen(_), Some(Bound::Float(_))) => {
            errors.at(at.span, "a range of fractions includes its end: write `..=`");
            return None;
        }
        (RangeLimits::HalfOpen(_), Some(Bound::Int(i64::MIN))) => {
            errors.at(at.span, "the range is empty");
            return None;
        }
        (RangeLimits::HalfOpen(_), Some(Bound::Int(end))) => Some(Bound::Int(end - 1)),
        (_, max) => max,
    };
    match (min, max) {
        (None, None) => {
            errors.at(at.span, "the range has no end on either side; give it one, as in `..=80`");
            None
        }
        (Some(min), Some(max)) if above(min, max) => {
            errors.at(at.span, "the range is empty: it starts above its end");
            None
        }
        _ => Some(Range { min, max }),
    }
}

fn above(a: Bound, b: Bound) -> bool {
    match (a, b) {
        (Bound::Int(a), Bound::Int(b)) => a > b,
        (a, b) => as_float(a) > as_float(b),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bound beside one with a fraction is a float to the user too")]
fn as_float(bound: Bound) -> f64 {
    match bound {
        Bound::Int(n) => n as f64,
        Bound::Float(x) => x,
    }
}

fn literal(expr: &Expr) -> Option<Bound> {
    let (sign, lit) = match expr {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit, .. }) => ("-", lit),
            _ => return None,
        },
        Expr::Lit(ExprLit { lit, .. }) => ("", lit),
        _ => return None,
    };
    match lit {
        Lit::Int(n) => format!("{sign}{}", n.base10_digits()).parse().ok().map(Bound::Int),
        Lit::Float(x) => {
            let x: f64 = format!("{sign}{}", x.base10_digits()).parse().ok()?;
            x.is_finite().then_some(Bound::Float(x))
        }
        _ => None,
    }
}

/// A regular expression that the runtime will be able to compile.
pub(super) fn pattern(at: &At<LitStr>, errors: &mut Errors) -> String {
    let text = at.value.value();
    if let Err(error) = regex_syntax::Parser::new().parse(&text) {
        let reason = match &error {
            regex_syntax::Error::Parse(error) => error.kind().to_string(),
            regex_syntax::Error::Translate(error) => error.kind().to_string(),
            other => other.to_string(),
        };
        errors.at(at.value.span(), format!("not a regular expression: {reason}"));
    }
    text
}

/// The expression for SQLite and the one for PostgreSQL.
pub(super) fn computed(at: &At<RawComputed>, errors: &mut Errors) -> Option<[String; 2]> {
    let RawComputed { sqlite, postgres } = &at.value;
    let (Some(sqlite), Some(postgres)) = (sqlite, postgres) else {
        errors.at(
            at.span,
            "an expression for each database: `computed(sqlite = \"..\", postgres = \"..\")`, or `computed = \"..\"` for both",
        );
        return None;
    };
    if let Some(empty) = [sqlite, postgres].into_iter().find(|text| text.value().trim().is_empty()) {
        errors.at(empty.span(), "an SQL expression over the row's other columns, as in `computed = \"price * count\"`");
    }
    Some([sqlite.value(), postgres.value()])
}

/// `default` and `default = expr`.
pub(super) fn default(at: &At<Option<Expr>>) -> Default {
    let Some(expr) = &at.value else { return Default::OfType(at.span) };
    let constant = match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => matches!(**expr, Expr::Lit(_)),
        _ => false,
    };
    let text = matches!(expr, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }));
    Default::Expr { expr: expr.clone(), constant, text }
}
