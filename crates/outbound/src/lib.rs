//! Every byte that leaves: one dialer, cookie jar, redirects, limits.
