//! Pages in Chromium, in a program of their own: what runs beside a browser makes it miss its time.

#[path = "../support/mod.rs"]
mod support;

mod looked_at;
mod pages;
mod pages_bought;
