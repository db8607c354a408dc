//! Rule sets: from folders, reloaded, in many threads, with a log.

mod common;

use capability_matcher::{
    library_version, CapabilityError, CapabilityMatcher, Level, Model, ModelCapabilityDescriptor,
    Options, RuleStore, Worker, WorkerChoice,
};
use common::{ecp, mcd, texts};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder for the test");
    path
}

#[test]
fn handles_go_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn cloned<T: Clone + Send + Sync>() {}
    cloned::<CapabilityMatcher>();
    cloned::<Model>();
    cloned::<Worker>();
    shared::<RuleStore>();
    shared::<Options>();
    shared::<CapabilityError>();
}

#[test]
fn many_threads_use_one_matcher() {
    let threads: Vec<_> = (0..8)
        .map(|i| {
            std::thread::spawn(move || {
                let context_max = if i % 2 == 0 { 8192 } else { 99_999 };
                let model = ModelCapabilityDescriptor { context_max, ..mcd() };
                (0..200).all(|_| {
                    CapabilityMatcher::check_compatibility(&model, &ecp()).is_ok() == (i % 2 == 0)
                })
            })
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().expect("no panic")));
}

#[test]
fn identity_of_the_rules() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    assert!(matcher.digest().starts_with("xxh128:"));
    assert!(matcher.version().contains('.') && library_version().contains('.'));
    assert_eq!(matcher.generation(), 0);
    let none: [&str; 0] = [];
    let same = CapabilityMatcher::from_dirs(&none).expect("built-in rules");
    assert_eq!(same.digest(), matcher.digest());
    assert!(format!("{matcher:?}").contains(&matcher.digest()));
}

#[test]
fn rules_that_are_wrong_say_where() {
    let path = folder("wrong");
    std::fs::write(path.join("validation.yaml"), "kind: cmatch.rules/v1\nrulez: []\n").unwrap();
    let error = CapabilityMatcher::from_dirs(&[&path]).expect_err("wrong rules");
    assert_eq!(error.code(), "RULES_UNAVAILABLE");
    assert!(!error.problems.is_empty());
    assert!(error.problems.iter().any(|problem| problem.line > 0), "{error}");
    assert!(error.to_string().contains("validation.yaml"), "{error}");
    assert!(CapabilityMatcher::from_dirs(&[path.join("not there")]).is_err());
    assert!(CapabilityMatcher::builtin_with(&Options::new().today("tomorrow")).is_err());
}

#[test]
fn a_bad_reload_keeps_the_last_good_set() {
    let none: [&str; 0] = [];
    let store = RuleStore::new(&none, &Options::new()).expect("built-in rules");
    let before = store.matcher().expect("rules");
    assert_eq!((store.generation(), before.generation()), (1, 1));
    let path = folder("reload");
    std::fs::write(path.join("validation.yaml"), "rules: [").unwrap();
    let error = store.reload_from(&[&path]).expect_err("wrong rules");
    assert!(!error.problems.is_empty());
    assert_eq!(store.matcher().expect("rules").check(&mcd(), &ecp()), Ok(()));
    assert_eq!(store.generation(), 1);

    store.reload().expect("the built-in rules again");
    let after = store.matcher().expect("rules");
    assert_eq!((store.generation(), after.generation()), (2, 2));
    let (model, worker) = (before.model(&mcd()).unwrap(), before.worker(&ecp()).unwrap());
    drop(before);
    let model = after.rebind_model(&model).expect("the same model");
    let worker = after.rebind_worker(&worker).expect("the same worker");
    assert_eq!(after.fits(&model, &worker), Ok(true));
    store.set_today("2026-01-31").expect("a day");
    assert!(store.set_today("soon").is_err());
}

#[test]
fn records_reach_the_hook() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&records);
    let options = Options::new().log(Level::Info, move |level, json| {
        kept.lock().unwrap().push((level, json.to_string()));
    });
    let matcher = CapabilityMatcher::builtin_with(&options).expect("built-in rules");
    records.lock().unwrap().clear();
    let hostile = "x\",\"event\":\"forged\"\n";
    let model = ModelCapabilityDescriptor { positional: "alibi".into(), ..mcd() };
    matcher.check(&mcd(), &ecp()).expect("fits, which is below Info");
    matcher.check(&model, &ecp()).expect_err("alibi");
    let named = ModelCapabilityDescriptor { model_id: hostile.into(), ..model };
    let _ = matcher.check(&named, &ecp());
    let seen = records.lock().unwrap().clone();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0].0, Level::Info);
    assert!(seen[0].1.contains("\"event\":\"model_incompatible\""), "{seen:?}");
    assert!(seen[0].1.contains("CMATCH-8030.1"), "{seen:?}");
    assert!(!seen[1].1.contains('\n') && !seen[1].1.contains("\"event\":\"forged\""), "{seen:?}");
}

/// Says when it goes, and panics then, too.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("a drop that panics");
    }
}

#[test]
fn a_panic_in_the_hook_does_not_escape() {
    std::panic::set_hook(Box::new(|_| {}));
    let (calls, drops) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, dropped) = (Arc::clone(&calls), Dropped(Arc::clone(&drops)));
    let options = Options::new().log(Level::Trace, move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        let _ = &dropped;
        std::panic::panic_any(Dropped(Arc::new(AtomicUsize::new(0))));
    });
    let matcher = CapabilityMatcher::builtin_with(&options).expect("built-in rules");
    drop(options); // The last reference is the library's.
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let matcher = matcher.clone();
            std::thread::spawn(move || {
                (0..50).for_each(|_| assert_eq!(matcher.check(&mcd(), &ecp()), Ok(())));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    assert!(calls.load(Ordering::SeqCst) >= 200);
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    drop(matcher);
    assert_eq!(drops.load(Ordering::SeqCst), 1, "the hook is dropped with its last user");
    let _ = std::panic::take_hook();
}

#[test]
fn a_hook_is_freed_where_the_call_fails() {
    let held = Arc::new(());
    let inner = Arc::clone(&held);
    let options = Options::new().today("tomorrow").log(Level::Info, move |_, _| {
        let _ = &inner;
    });
    assert!(CapabilityMatcher::builtin_with(&options).is_err());
    drop(options);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_worker_from_the_tables() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let choice = WorkerChoice {
        engine: "llama.cpp".into(),
        gpu: "RTX 4090".into(),
        launch: vec![("kv_cache".into(), "q8_0".into())],
        worker_id: "gpu-0-worker".into(),
        ..Default::default()
    };
    let worker = matcher.worker_from_tables(&choice).expect("covered");
    let profile = worker.profile().expect("its memory is known");
    assert_eq!(profile.worker_id, "gpu-0-worker");
    assert!(profile.supports_quant.contains(&"q4_0".to_string()));
    assert!(profile.attributes.contains("\"engine\":\"llama.cpp\""), "{}", profile.attributes);
    assert_eq!(matcher.check(&mcd(), &profile), Ok(()));

    let wrong = WorkerChoice { engine: "no such engine".into(), ..choice };
    let errors = matcher.worker_from_tables(&wrong).err().expect("not covered");
    assert!(matches!(errors[0], CapabilityError::InvalidEcp(_)), "{errors:?}");
}

/// A llama of one tensor: a whole model in form.
fn tiny_gguf() -> Vec<u8> {
    fn text(bytes: &mut Vec<u8>, text: &str) {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend(1_u64.to_le_bytes()); // tensors
    let texts = [
        ("general.architecture", "llama"),
        ("general.organization", "example"),
        ("general.name", "Tiny"),
        ("general.type", "model"),
    ];
    let numbers = [
        ("general.file_type", 0_u32), // F32
        ("llama.block_count", 1),
        ("llama.context_length", 4096),
        ("llama.embedding_length", 64),
        ("llama.attention.head_count", 4),
        ("llama.attention.head_count_kv", 2),
    ];
    bytes.extend((texts.len() as u64 + numbers.len() as u64 + 1).to_le_bytes());
    for (key, value) in texts {
        text(&mut bytes, key);
        bytes.extend(8_u32.to_le_bytes()); // string
        text(&mut bytes, value);
    }
    for (key, value) in numbers {
        text(&mut bytes, key);
        bytes.extend(4_u32.to_le_bytes()); // u32
        bytes.extend(value.to_le_bytes());
    }
    text(&mut bytes, "tokenizer.ggml.tokens");
    bytes.extend(9_u32.to_le_bytes()); // array
    bytes.extend(8_u32.to_le_bytes());
    bytes.extend(2_u64.to_le_bytes());
    text(&mut bytes, "a");
    text(&mut bytes, "b");
    text(&mut bytes, "token_embd.weight");
    bytes.extend(2_u32.to_le_bytes()); // dimensions
    bytes.extend(64_u64.to_le_bytes());
    bytes.extend(2_u64.to_le_bytes());
    bytes.extend(0_u32.to_le_bytes()); // F32
    bytes.extend(0_u64.to_le_bytes()); // offset
    bytes.resize((bytes.len() + 31) / 32 * 32 + 64 * 2 * 4, 0);
    bytes
}

#[test]
fn a_descriptor_from_gguf() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let path = folder("gguf").join("tiny.gguf");
    std::fs::write(&path, tiny_gguf()).unwrap();
    let model = matcher.mcd_from_gguf(&path).expect("a whole model");
    assert_eq!((model.positional.as_str(), model.attention.as_str()), ("rope_llama", "gqa"));
    assert_eq!((model.context_max, model.vocab_size), (4096, 2));
    assert_eq!(model.quant, texts(&["f32"]));
    assert!(model.attributes.contains("\"tensor_types\":[\"f32\"]"), "{}", model.attributes);
    assert!(!model.attributes.contains("model_id"));
    let choice =
        WorkerChoice { engine: "llama.cpp".into(), gpu: "RTX 4090".into(), ..Default::default() };
    let worker = matcher.worker_from_tables(&choice).expect("covered");
    let direct = matcher.check_pair(&matcher.model_from_path(&path).unwrap(), &worker);
    assert_eq!(matcher.check(&model, &worker.profile().unwrap()), direct);
    assert_eq!(direct, Ok(()));

    std::fs::write(&path, &tiny_gguf()[..100]).unwrap();
    for path in [path, folder("gguf-none").join("no.gguf")] {
        let errors = matcher.mcd_from_gguf(&path).expect_err("not a model");
        assert!(matches!(errors[0], CapabilityError::InvalidMcd(_)), "{errors:?}");
    }
}
