//! CMATCH-8030, 8031, 8040 and 8050 through the safe surface.

mod common;

use capability_matcher::{
    CapabilityError, CapabilityMatcher, EngineCapabilityProfile, ModelCapabilityDescriptor,
    WorkerChoice,
};
use common::{ecp, ecp_json, mcd, mcd_json, texts};

fn errors_of(
    mcd: &ModelCapabilityDescriptor,
    ecp: &EngineCapabilityProfile,
) -> Vec<CapabilityError> {
    CapabilityMatcher::check_compatibility(mcd, ecp).expect_err("does not fit")
}

#[test]
fn compatible_capabilities() {
    assert_eq!(CapabilityMatcher::check_compatibility(&mcd(), &ecp()), Ok(()));
}

#[test]
fn incompatible_positional() {
    let model = ModelCapabilityDescriptor { positional: "alibi".into(), ..mcd() };
    let supported = texts(&["rope_llama", "rope_neox"]);
    let want = CapabilityError::IncompatiblePositional { required: "alibi".into(), supported };
    assert_eq!(errors_of(&model, &ecp()), [want]);
}

#[test]
fn incompatible_attention() {
    let model = ModelCapabilityDescriptor { attention: "mqa".into(), ..mcd() };
    let supported = texts(&["mha", "gqa"]);
    let want = CapabilityError::IncompatibleAttention { required: "mqa".into(), supported };
    assert_eq!(errors_of(&model, &ecp()), [want]);
}

#[test]
fn context_too_large() {
    let at = |context_max| ModelCapabilityDescriptor { context_max, ..mcd() };
    assert_eq!(CapabilityMatcher::check_compatibility(&at(16_384), &ecp()), Ok(()));
    let want = CapabilityError::ContextTooLarge { required: 16_385, max: 16_384 };
    assert_eq!(errors_of(&at(16_385), &ecp()), [want]);
}

#[test]
fn incompatible_quant() {
    let model = ModelCapabilityDescriptor { quant: texts(&["q8_0", "q4_k_m"]), ..mcd() };
    let want = CapabilityError::IncompatibleQuant {
        required: texts(&["q8_0", "q4_k_m"]),
        supported: texts(&["q4_0", "fp16"]),
    };
    assert_eq!(errors_of(&model, &ecp()), [want]);
}

#[test]
fn every_error_in_the_order_of_the_rules() {
    let model = ModelCapabilityDescriptor {
        positional: "alibi".into(),
        attention: "mqa".into(),
        quant: texts(&["awq"]),
        context_max: 32_768,
        ..mcd()
    };
    let errors = errors_of(&model, &ecp());
    assert!(matches!(
        errors.as_slice(),
        [
            CapabilityError::IncompatiblePositional { .. },
            CapabilityError::IncompatibleAttention { .. },
            CapabilityError::IncompatibleQuant { .. },
            CapabilityError::ContextTooLarge { required: 32_768, max: 16_384 },
        ]
    ));
    assert!(errors.iter().all(|error| error.code() == "MODEL_INCOMPATIBLE"));
}

#[test]
fn everything_that_is_wrong_with_both_documents() {
    let model = ModelCapabilityDescriptor { model_id: String::new(), quant: vec![], ..mcd() };
    let worker = EngineCapabilityProfile { max_context: 0, ..ecp() };
    let errors = errors_of(&model, &worker);
    let (of_mcd, of_ecp): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| matches!(error, CapabilityError::InvalidMcd(_)));
    assert_eq!((of_mcd.len(), of_ecp.len()), (2, 1), "{errors:?}");
    assert!(of_mcd[0].to_string().starts_with("invalid MCD: "));
    assert!(of_mcd[0].to_string().contains("model_id"), "{errors:?}");
    assert!(matches!(of_ecp[0], CapabilityError::InvalidEcp(text) if text.contains("max_context")));
    assert_eq!(of_mcd[0].code(), "MODEL_DESCRIPTOR_INVALID");
    assert_eq!(of_ecp[0].code(), "ENGINE_PROFILE_INVALID");
}

#[test]
fn a_rule_beyond_the_four() {
    let model =
        ModelCapabilityDescriptor { attributes: "{\"tensor_types\":[\"q6_k\"]}".into(), ..mcd() };
    let worker = EngineCapabilityProfile {
        attributes: "{\"supports_tensor_type\":[\"q4_0\",\"f32\"]}".into(),
        ..ecp()
    };
    match errors_of(&model, &worker).as_slice() {
        [CapabilityError::RuleFailed { rule_id, message }] => {
            assert_eq!(rule_id, "CMATCH-8131");
            assert!(message.contains("q6_k"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn attributes_that_are_wrong() {
    for attributes in ["[]", "{", "{\"head_dim\":\"x\"}", "{\"model_id\":\"again\"}"] {
        let model = ModelCapabilityDescriptor { attributes: attributes.into(), ..mcd() };
        let errors = errors_of(&model, &ecp());
        assert!(matches!(errors[0], CapabilityError::InvalidMcd(_)), "{attributes}: {errors:?}");
        let worker = EngineCapabilityProfile { attributes: "[]".into(), ..ecp() };
        let errors = errors_of(&mcd(), &worker);
        assert!(matches!(errors[0], CapabilityError::InvalidEcp(_)), "{errors:?}");
    }
}

#[test]
fn numbers_beyond_63_bits() {
    let model = ModelCapabilityDescriptor { context_max: usize::MAX, ..mcd() };
    assert!(matches!(errors_of(&model, &ecp()).as_slice(), [CapabilityError::InvalidMcd(_)]));
    let worker = EngineCapabilityProfile { max_context: usize::MAX, ..ecp() };
    assert_eq!(CapabilityMatcher::check_compatibility(&mcd(), &worker), Ok(()));
}

#[test]
fn text_of_any_kind_is_judged() {
    for id in ["a\0b", "line\nbreak", "\u{202e}", "\"}", "日本語"] {
        let model = ModelCapabilityDescriptor { model_id: id.into(), ..mcd() };
        // A control character may be refused, but as a descriptor, and in one piece.
        match CapabilityMatcher::check_compatibility(&model, &ecp()) {
            Ok(()) => {}
            Err(errors) => {
                assert!(matches!(errors[0], CapabilityError::InvalidMcd(_)), "{errors:?}")
            }
        }
    }
}

#[test]
fn structs_and_json_agree() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let models = [
        mcd(),
        ModelCapabilityDescriptor { positional: "RoPE-NeoX".into(), ..mcd() },
        ModelCapabilityDescriptor { positional: "alibi".into(), attention: "mqa".into(), ..mcd() },
        ModelCapabilityDescriptor { quant: texts(&["awq"]), context_max: 999_999, ..mcd() },
        ModelCapabilityDescriptor { quant: texts(&["half"]), ..mcd() },
        ModelCapabilityDescriptor { attributes: "{\"tensor_types\":[\"q6_k\"]}".into(), ..mcd() },
        ModelCapabilityDescriptor { attributes: "{\"requested_context\":4096}".into(), ..mcd() },
    ];
    let workers = [
        ecp(),
        EngineCapabilityProfile { supports_quant: vec![], ..ecp() },
        EngineCapabilityProfile { max_context: 1, ..ecp() },
        EngineCapabilityProfile {
            attributes: "{\"supports_tensor_type\":[\"q4_0\"]}".into(),
            ..ecp()
        },
    ];
    let mut fits = 0;
    for model in &models {
        for worker in &workers {
            let typed = matcher.check(model, worker);
            let json = matcher.check_json(&mcd_json(model), &ecp_json(worker));
            assert_eq!(typed, json, "{model:?} on {worker:?}");
            assert_eq!(typed, CapabilityMatcher::check_compatibility(model, worker));
            let pair = (matcher.model(model).unwrap(), matcher.worker(worker).unwrap());
            assert_eq!(matcher.fits(&pair.0, &pair.1), Ok(typed.is_ok()));
            let report = matcher.report_json(&pair.0, &pair.1).unwrap();
            assert!(report.contains(&format!("\"compatible\":{}", typed.is_ok())), "{report}");
            fits += usize::from(typed.is_ok());
        }
    }
    assert!(fits > 0 && fits < models.len() * workers.len());
}

#[test]
fn json_that_is_wrong() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let errors = matcher.check_json("{\"model_id\":7}", "[]").expect_err("both are wrong");
    let has = |want: fn(&CapabilityError) -> bool| errors.iter().any(want);
    assert!(has(|error| matches!(error, CapabilityError::InvalidMcd(_))), "{errors:?}");
    assert!(has(|error| matches!(error, CapabilityError::InvalidEcp(_))), "{errors:?}");
}

#[test]
fn json_of_a_worker_makes_that_worker() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    // One size, several sizes, no product at all, a slice.
    let gpus = ["RTX 4090", "H100 80GB HBM3", "RTX 3080", "cc=8.9", "A100-SXM4-80GB MIG 1g.10gb"];
    for engine in ["llama.cpp", "ollama", "vllm", "sglang", "tensorrt-llm"] {
        for gpu in gpus {
            let choice =
                WorkerChoice { engine: engine.into(), gpu: gpu.into(), ..Default::default() };
            let worker = matcher.worker_from_tables(&choice).expect(gpu);
            let json = worker.to_json().unwrap();
            let again = matcher.worker_from_json(&json).unwrap_or_else(|e| panic!("{e:?}: {json}"));
            assert_eq!(again.to_json().unwrap(), json);
            assert_eq!(again.profile(), worker.profile());
        }
    }
}

#[test]
fn structs_come_back_as_they_went_in() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let model =
        ModelCapabilityDescriptor { attributes: "{\"tensor_types\":[\"q6_k\"]}".into(), ..mcd() };
    assert_eq!(matcher.model(&model).unwrap().descriptor().unwrap(), model);
    assert_eq!(matcher.model(&model).unwrap().id(), model.model_id);
    assert_eq!(matcher.worker(&ecp()).unwrap().profile().unwrap(), ecp());
    assert_eq!(matcher.worker(&ecp()).unwrap().id(), ecp().worker_id);
}
