//! Many models on many workers: the same answers as one by one.

mod common;

use capability_matcher::{
    CapabilityError, CapabilityMatcher, EngineCapabilityProfile, Fleet, Model,
    ModelCapabilityDescriptor, Worker,
};
use common::{ecp, mcd};

/// Model `m` needs `(m + 1) * 10` tokens, worker `w` has `w + 1`.
fn pairs(matcher: &CapabilityMatcher) -> (Vec<Model>, Vec<Worker>) {
    let models = (1..=3).map(|m| ModelCapabilityDescriptor { context_max: m * 10, ..mcd() });
    let workers = (1..=70).map(|w| EngineCapabilityProfile { max_context: w, ..ecp() });
    let models = models.map(|m| matcher.model(&m).expect("a model")).collect();
    (models, workers.map(|w| matcher.worker(&w).expect("a worker")).collect())
}

#[test]
fn a_fleet_answers_as_one_check_after_another() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let (models, workers) = pairs(&matcher);
    for both_ways in [false, true] {
        let fleet = matcher.fleet(&models, &workers, both_ways).expect("a fleet");
        assert_eq!((fleet.model_count(), fleet.worker_count()), (3, 70));
        for m in 0..models.len() {
            assert_eq!(fleet.workers_for(m), Ok(((m + 1) * 10 - 1..70).collect()));
        }
        for (w, worker) in workers.iter().enumerate() {
            let fits = |m: &usize| matcher.fits(&models[*m], worker) == Ok(true);
            assert_eq!(fleet.models_for(w), Ok((0..3).filter(fits).collect()));
        }
        let last = fleet.bitmap(2..3).expect("a row");
        assert_eq!(last, [u64::MAX << 29, (1 << 6) - 1]);
    }
}

#[test]
fn counts_are_of_every_rule() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let (models, workers) = pairs(&matcher);
    let counts = matcher.fleet(&models, &workers, false).and_then(|f| {
        f.counts(0..3).map_err(|error| vec![error])
    });
    let counts = counts.expect("counts");
    assert_eq!((counts.pairs, counts.compatible), (210, 61 + 51 + 41));
    let of = |id: &str| counts.rules.iter().find(|rule| rule.rule_id == id).expect("a rule");
    assert_eq!(of("CMATCH-8030.4").failed, 9 + 19 + 29);
    assert_eq!(of("CMATCH-8030.1").failed, 0);
    assert!(counts.rules.iter().any(|rule| rule.skipped == 210));
}

#[test]
fn what_is_not_there_is_an_error() {
    let matcher = CapabilityMatcher::builtin().expect("built-in rules");
    let (models, workers) = pairs(&matcher);
    let fleet = matcher.fleet(&models, &workers, false).expect("a fleet");
    let misused = |error| matches!(error, CapabilityError::Internal(name) if name == "CMATCH_E_ARGUMENT");
    assert!(misused(fleet.workers_for(3).expect_err("no such model")));
    assert!(misused(fleet.models_for(70).expect_err("no such worker")));
    assert!(misused(fleet.bitmap(2..4).expect_err("no such model")));
    assert!(misused(fleet.counts(0..4).expect_err("no such model")));
    let none = matcher.fleet(&[], &[], true).expect("an empty fleet");
    assert_eq!(none.bitmap(0..0), Ok(vec![]));
    assert_eq!(none.counts(0..0).expect("counts").pairs, 0);

    // A fleet keeps what it needs; models of other rules are refused.
    let site = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fleet-rules");
    std::fs::create_dir_all(&site).expect("a folder");
    let overlay = "kind: cmatch.overlay/v1\nlayer: site\nreason: t\nowner: t\nset:\n\
                   - {target: rules/CMATCH-8030.4/severity, value: warning}\n";
    std::fs::write(site.join("site.yaml"), overlay).expect("written");
    let other = CapabilityMatcher::from_dirs(&[site]).expect("an overlay");
    let refused = other.fleet(&models, &workers, false).err().expect("other rules");
    assert!(refused[0].to_string().contains("models[0]"));
    drop((matcher, models, workers));
    assert_eq!(fleet.workers_for(0).map(|all| all.len()), Ok(61));
}

#[test]
fn a_fleet_goes_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Fleet>();
}
