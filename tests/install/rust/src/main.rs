//! Built against an installed library: exit code 0 where a check gives both verdicts.

use capability_matcher::{CapabilityMatcher, EngineCapabilityProfile, ModelCapabilityDescriptor};

fn main() {
    let mcd = ModelCapabilityDescriptor {
        model_id: "org/model".into(),
        positional: "rope_llama".into(),
        attention: "gqa".into(),
        quant: vec!["q4_0".into()],
        context_max: 8192,
        vocab_size: 128_256,
        ..Default::default()
    };
    let ecp = EngineCapabilityProfile {
        worker_id: "gpu-0-worker".into(),
        supports_positional: vec!["rope_llama".into()],
        supports_attention: vec!["gqa".into()],
        supports_quant: vec!["q4_0".into()],
        max_context: 16_384,
        vram_bytes: 24_000_000_000,
        ..Default::default()
    };
    assert_eq!(CapabilityMatcher::check_compatibility(&mcd, &ecp), Ok(()));
    let ecp = EngineCapabilityProfile { max_context: 4096, ..ecp };
    assert!(CapabilityMatcher::check_compatibility(&mcd, &ecp).is_err());
}
