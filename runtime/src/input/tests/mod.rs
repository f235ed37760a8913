mod changes;
mod check;
mod json;
mod rows;
