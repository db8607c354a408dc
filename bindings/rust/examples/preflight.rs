//! The workflow of CMATCH-8040 as a daemon would run it, with the answers it would give over HTTP.
//!
//!     cargo run --example preflight -- [RULES_DIRECTORY...]
//!
//! Each line of standard input is a request, `ENGINE[@VERSION] TAB GPU TAB MODEL`: "start a worker
//! for this model on that GPU". `reload` reads the rule directories again. Each answer is one line:
//! the status and the body.
//!
//! | status | code | when |
//! |---|---|---|
//! | 200 | - | the worker may be spawned |
//! | 400 | `BAD_REQUEST` | not a request |
//! | 409 | `MODEL_INCOMPATIBLE` | judged: the model does not fit |
//! | 422 | `MODEL_DESCRIPTOR_INVALID` | the model cannot be judged |
//! | 500 | `ENGINE_PROFILE_INVALID`, `INTERNAL` | the operator's fault, or ours |
//! | 503 | `RULES_UNAVAILABLE` | rules and tables that cannot be used |

use capability_matcher::{
    CapabilityError, CapabilityMatcher, Level, Options, RuleStore, RulesError, WorkerChoice,
};
use std::io::{self, BufRead, Write};

struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    /// `details` is JSON.
    fn error(status: u16, code: &str, message: &str, details: &str) -> Self {
        let (code, message) = (quote(code), quote(message));
        let retriable = status == 503;
        let body = format!(
            "{{\"error\":{{\"code\":{code},\"message\":{message},\"retriable\":{retriable},\
             \"details\":{details}}}}}"
        );
        Self { status, body }
    }

    fn of_rules(error: &RulesError) -> Self {
        eprintln!("{error}"); // For operators: files, lines, every problem.
        Self::error(503, error.code(), "the compatibility rules cannot be used", "{}")
    }

    fn of_check(errors: &[CapabilityError]) -> Self {
        let find = |code: &str| errors.iter().any(|error| error.code() == code);
        // These may name files of the daemon: the client gets the code, the log the reason.
        let faults = [
            ("INTERNAL", 500, "the check could not be made"),
            ("MODEL_DESCRIPTOR_INVALID", 422, "the model cannot be judged"),
            ("ENGINE_PROFILE_INVALID", 500, "the worker profile cannot be judged"),
        ];
        for (code, status, message) in faults {
            if find(code) {
                errors.iter().for_each(|error| eprintln!("{error}"));
                return Self::error(status, code, message, "{}");
            }
        }
        let failures: Vec<String> = errors.iter().map(failure).collect();
        let message: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let details = format!("{{\"failures\":[{}]}}", failures.join(","));
        Self::error(409, "MODEL_INCOMPATIBLE", &message.join("; "), &details)
    }
}

/// One reason as JSON.
fn failure(error: &CapabilityError) -> String {
    let lists = |kind: &str, required: &str, supported: &[String]| {
        format!(
            "{{\"kind\":\"{kind}\",\"required\":{required},\"supported\":{}}}",
            quote_all(supported)
        )
    };
    match error {
        CapabilityError::IncompatiblePositional { required, supported } => {
            lists("IncompatiblePositional", &quote(required), supported)
        }
        CapabilityError::IncompatibleAttention { required, supported } => {
            lists("IncompatibleAttention", &quote(required), supported)
        }
        CapabilityError::IncompatibleQuant { required, supported } => {
            lists("IncompatibleQuant", &quote_all(required), supported)
        }
        CapabilityError::ContextTooLarge { required, max } => {
            format!("{{\"kind\":\"ContextTooLarge\",\"required\":{required},\"max\":{max}}}")
        }
        CapabilityError::RuleFailed { rule_id, message } => format!(
            "{{\"kind\":\"RuleFailed\",\"rule\":{},\"message\":{}}}",
            quote(rule_id),
            quote(message)
        ),
        other => format!("{{\"kind\":\"Other\",\"message\":{}}}", quote(&other.to_string())),
    }
}

fn quote(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            c if (c as u32) < 0x20 => json.push_str(&format!("\\u{:04x}", c as u32)),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

fn quote_all(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(","))
}

/// Steps 2 to 5. In an async daemon this runs where blocking is allowed: it reads the model file.
fn preflight(
    matcher: &CapabilityMatcher,
    engine: &str,
    gpu: &str,
    model: &str,
) -> Result<String, Vec<CapabilityError>> {
    let model = matcher.model_from_path(model)?;
    let choice = WorkerChoice { engine: engine.into(), gpu: gpu.into(), ..WorkerChoice::default() };
    let worker = matcher.worker_from_tables(&choice)?;
    matcher.check_pair(&model, &worker)?;
    Ok(format!("{{\"model_id\":{},\"worker_id\":{}}}", quote(&model.id()), quote(&worker.id())))
}

fn answer(store: &RuleStore, request: &str) -> Answer {
    if request == "reload" {
        return match store.reload() {
            Ok(()) => {
                Answer { status: 200, body: format!("{{\"generation\":{}}}", store.generation()) }
            }
            // The set in use stays in use; only the edit is refused.
            Err(error) => Answer::of_rules(&error),
        };
    }
    let matcher = match store.matcher() {
        Ok(matcher) => matcher,
        Err(error) => return Answer::of_rules(&error),
    };
    match request.split('\t').collect::<Vec<_>>().as_slice() {
        [engine, gpu, model] => match preflight(&matcher, engine, gpu, model) {
            Ok(body) => Answer { status: 200, body },
            Err(errors) => Answer::of_check(&errors),
        },
        _ => Answer::error(400, "BAD_REQUEST", "want ENGINE, GPU and MODEL, with tabs", "{}"),
    }
}

fn main() -> io::Result<()> {
    let directories: Vec<_> = std::env::args_os().skip(1).collect();
    let options = Options::new().log(Level::Info, |level, json| eprintln!("{level:?} {json}"));
    // Before the port is bound: a daemon whose rules are wrong does not start.
    let store = match RuleStore::new(&directories, &options) {
        Ok(store) => store,
        Err(error) => {
            let answer = Answer::of_rules(&error);
            println!("{} {}", answer.status, answer.body);
            std::process::exit(1);
        }
    };
    let mut out = io::stdout();
    for request in io::stdin().lock().lines() {
        let answer = answer(&store, &request?);
        writeln!(out, "{} {}", answer.status, answer.body)?;
    }
    Ok(())
}
