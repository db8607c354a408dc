//! The two documents of CMATCH-8010 and CMATCH-8020.

/// What a model needs (CMATCH-8010).
///
/// Kinds are open names (`"rope_llama"`), never an enum: a name that no table knows is legal and
/// not supported. Write `..Default::default()` at the end of a literal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelCapabilityDescriptor {
    /// Not empty.
    pub model_id: String,
    /// Kind of position encoding.
    pub positional: String,
    /// Kind of attention.
    pub attention: String,
    /// The formats the model can be had in; one that the worker supports is enough. Not empty.
    pub quant: Vec<String>,
    /// Tokens the model was trained for; more than 0.
    pub context_max: usize,
    /// More than 0.
    pub vocab_size: usize,
    /// Extension attributes as a JSON object, `{"head_dim":128}`; empty: none. Rules that need one
    /// that is not there are skipped.
    pub attributes: String,
}

/// What a worker can do (CMATCH-8020).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineCapabilityProfile {
    /// Not empty.
    pub worker_id: String,
    /// Kinds; may be empty, and then no model fits.
    pub supports_positional: Vec<String>,
    /// Likewise.
    pub supports_attention: Vec<String>,
    /// Likewise.
    pub supports_quant: Vec<String>,
    /// Tokens; more than 0.
    pub max_context: usize,
    /// More than 0.
    pub vram_bytes: usize,
    /// Extension attributes as a JSON object, `{"engine":"vllm"}`; empty: none.
    pub attributes: String,
}

/// Of a JSON object on one line as the library writes it, all members but those `named`.
///
/// Not a parser: text that is not such an object gives an empty result or one that the library
/// refuses when it is handed back.
pub(crate) fn members_but(json: &str, named: &[&str]) -> String {
    let inner = json.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let kept: Vec<&str> = match inner {
        Some(inner) => top_level(inner).filter(|member| !names_one_of(member, named)).collect(),
        None => Vec::new(),
    };
    if kept.is_empty() {
        return String::new();
    }
    format!("{{{}}}", kept.join(","))
}

/// The parts of `text` between commas that are in no string, list or object.
fn top_level(text: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    text.split(move |c: char| {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            return false;
        }
        match c {
            '"' => in_string = true,
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|member| !member.is_empty())
}

/// Names of members have no quotes and escapes in them.
fn names_one_of(member: &str, named: &[&str]) -> bool {
    let name = member.strip_prefix('"').and_then(|rest| rest.split('"').next());
    name.map_or(false, |name| named.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::members_but;

    #[test]
    fn members_but_those_named() {
        let cases = [
            ("{}", ""),
            ("{\"a\":1}", ""),
            (
                "{\"a\":1,\"b\":[1,2],\"c\":{\"a\":3,\"d\":4}}",
                "{\"b\":[1,2],\"c\":{\"a\":3,\"d\":4}}",
            ),
            ("{\"b\":\"x,\\\"}y\",\"a\":\"\\\\\",\"c\":2}", "{\"b\":\"x,\\\"}y\",\"c\":2}"),
            ("not JSON", ""),
        ];
        for (json, want) in cases {
            assert_eq!(members_but(json, &["a"]), want, "{json}");
        }
    }
}
