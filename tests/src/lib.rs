//! shanyraq-tests.
