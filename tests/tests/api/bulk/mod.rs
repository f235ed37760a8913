//! Many rows in one request.

mod create;
