//! A mail as HTML, in the look of the console.
//!
//! In:  the parts of a mail. Out: a page.
//! Invariant: styles stand at the elements, since readers of mail drop others; nothing is fetched: no picture, no font, no
//! script. Colours are those of the console's light set.

use crate::body::Body;
use billing::language::Language;
use maud::{DOCTYPE, Markup, html};

const SANS: &str = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC',\
     'Microsoft YaHei','Noto Sans CJK SC',sans-serif;";

/// A style that begins with the console's letters.
fn style(rest: &str) -> String {
    format!("{SANS}{rest}")
}

/// The whole page.
pub fn page(body: &Body, language: Language) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (body.subject) }
            }
            body style="margin:0;padding:0;background:#f4f6f7;" {
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f4f6f7;" {
                    tr {
                        td align="center" style="padding:24px 12px;" {
                            table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
                                style="max-width:600px;background:#ffffff;border:1px solid #e0e5e8;border-radius:8px;" {
                                tr { td style="padding:28px 32px 32px;" { (inside(body)) } }
                            }
                            (small(body))
                        }
                    }
                }
            }
        }
    }
}

fn inside(body: &Body) -> Markup {
    html! {
        p style=(style("margin:0 0 20px;font-size:14px;font-weight:600;color:#0a6074;")) { "Cloudtill" }
        h1 style=(style("margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600;color:#131c22;")) { (body.title) }
        @for it in &body.paragraphs {
            p style=(style("margin:0 0 16px;font-size:14px;line-height:22px;color:#131c22;")) { (it) }
        }
        @if !body.rows.is_empty() || body.total.is_some() { (rows(body)) }
        @if let Some((label, address)) = &body.action {
            p style="margin:24px 0 0;" {
                a href=(address) style=(style("display:inline-block;padding:10px 18px;font-size:14px;line-height:20px;font-weight:600;\
                    color:#ffffff;background:#0a6074;border-radius:6px;text-decoration:none;")) { (label) }
            }
        }
    }
}

fn rows(body: &Body) -> Markup {
    let what = style(
        "padding:8px 12px 8px 0;font-size:14px;line-height:20px;color:#45525b;border-top:1px solid #e0e5e8;",
    );
    let which = style(
        "padding:8px 0;font-size:14px;line-height:20px;color:#131c22;border-top:1px solid #e0e5e8;\
         font-variant-numeric:tabular-nums;",
    );
    let sum = style(
        "padding:8px 0;font-size:14px;line-height:20px;font-weight:600;color:#131c22;border-top:3px double #7c8890;",
    );
    html! {
        table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0;border-collapse:collapse;" {
            @for (label, value) in &body.rows {
                tr { td style=(what) { (label) } td align="right" style=(which) { (value) } }
            }
            @if let Some((label, value)) = &body.total {
                tr { td style=(sum) { (label) } td align="right" style=(sum) { (value) } }
            }
        }
    }
}

fn small(body: &Body) -> Markup {
    let quiet = style("margin:0 0 4px;font-size:12px;line-height:18px;color:#5c6972;");
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;" {
            tr {
                td style="padding:16px 32px 0;" {
                    @for it in &body.small { p style=(quiet) { (it) } }
                    @for (label, address) in &body.links {
                        p style=(quiet) { a href=(address) style="color:#0a6074;" { (label) } }
                    }
                }
            }
        }
    }
}
