//! The documents that the tests start from: CMATCH-8010 and CMATCH-8020, as a pair that fits.

#![allow(dead_code)] // Each test program uses a part.

use capability_matcher::{EngineCapabilityProfile, ModelCapabilityDescriptor};

pub fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

pub fn mcd() -> ModelCapabilityDescriptor {
    ModelCapabilityDescriptor {
        model_id: "meta-llama/Llama-3.1-8B".into(),
        positional: "rope_llama".into(),
        attention: "gqa".into(),
        quant: texts(&["q4_0", "q8_0"]),
        context_max: 8192,
        vocab_size: 128_256,
        ..Default::default()
    }
}

pub fn ecp() -> EngineCapabilityProfile {
    EngineCapabilityProfile {
        worker_id: "gpu-0-worker".into(),
        supports_positional: texts(&["rope_llama", "rope_neox"]),
        supports_attention: texts(&["mha", "gqa"]),
        supports_quant: texts(&["q4_0", "fp16"]),
        max_context: 16_384,
        vram_bytes: 24_000_000_000,
        ..Default::default()
    }
}

fn json_list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", quoted.join(","))
}

fn with_attributes(members: String, attributes: &str) -> String {
    match attributes.trim_start_matches('{').trim_end_matches('}') {
        "" => format!("{{{members}}}"),
        more => format!("{{{members},{more}}}"),
    }
}

/// The struct as a document; its texts need no escapes.
pub fn mcd_json(mcd: &ModelCapabilityDescriptor) -> String {
    let members = format!(
        "\"model_id\":\"{}\",\"positional\":\"{}\",\"attention\":\"{}\",\"quant\":{},\
         \"context_max\":{},\"vocab_size\":{}",
        mcd.model_id,
        mcd.positional,
        mcd.attention,
        json_list(&mcd.quant),
        mcd.context_max,
        mcd.vocab_size
    );
    with_attributes(members, &mcd.attributes)
}

pub fn ecp_json(ecp: &EngineCapabilityProfile) -> String {
    let members = format!(
        "\"worker_id\":\"{}\",\"supports_positional\":{},\"supports_attention\":{},\
         \"supports_quant\":{},\"max_context\":{},\"vram_bytes\":{}",
        ecp.worker_id,
        json_list(&ecp.supports_positional),
        json_list(&ecp.supports_attention),
        json_list(&ecp.supports_quant),
        ecp.max_context,
        ecp.vram_bytes
    );
    with_attributes(members, &ecp.attributes)
}
