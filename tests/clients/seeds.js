// What the example's seeds put on the board, told again from examples/kanban/src/seeds.rs: the lists of the clients are
// compared with this and not with another answer of the server.

const STATUSES = ['To Do', 'Ongoing', 'Testing', 'Done'];
const PRIORITIES = ['Medium', 'High', 'Low'];
const MONDAY = Date.UTC(2026, 0, 5);
const WEEK = 7 * 24 * 60 * 60 * 1000;

/** The 48 cards, without their texts and times. Users 2 to 6 are their owners; 1 is the administrator. */
export const CARDS = Array.from({ length: 48 }, (_, n) => ({
  id: n + 1,
  status: STATUSES[n % 4],
  priority: PRIORITIES[n % 3],
  date: new Date(MONDAY + n * WEEK).toISOString().slice(0, 10),
  user_id: 2 + (n % 5),
}));

/** The 30 comments: one on each of the first 30 cards, by users 1 to 6 in turns. */
export const COMMENTS = Array.from({ length: 30 }, (_, n) => ({ id: n + 1, user_id: 1 + (n % 6), card_id: n + 1 }));

/** The members of `rows` that the seeds above have. */
export function known(rows) {
  return rows.map(row =>
    'card_id' in row
      ? { id: row.id, user_id: row.user_id, card_id: row.card_id }
      : { id: row.id, status: row.status, priority: row.priority, date: row.date, user_id: row.user_id },
  );
}

/** Cards, the latest date first. */
export const latestFirst = cards => [...cards].sort((a, b) => b.date.localeCompare(a.date));
