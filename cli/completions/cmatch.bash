# Completion for bash of cmatch. Written by .ci/check-cli --write from cmatch --help.
_cmatch() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' options='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac
  done
  # shellcheck disable=SC2207  # the words have no spaces
  case $before in
    --format) COMPREPLY=($(compgen -W 'github json junit markdown sarif text' -- "$word")); return ;;
    --color) COMPREPLY=($(compgen -W 'always auto never' -- "$word")); return ;;
    --allow|--build|--context|--engine|--gpu|--launch|--max-context|--today|--within|--worker-id) return ;;
    --rules) compopt -o dirnames; COMPREPLY=(); return ;;
    --catalog|--ecp|--html|--models|--workers) compopt -o default; COMPREPLY=(); return ;;
  esac
  case $verb in
    '') options='check inspect profile gpus lint test diff layers explain matrix fleet export watch --help --help-all --version' ;;
    check) options='--build --catalog --color --context --ecp --engine --format --gpu --help --help-all --html --json --launch --max-context --no-remedies --no-sidecar --print-launch --quiet --rules --strict --trace --verbose --worker-id' ;;
    inspect) options='--catalog --color --format --help --help-all --json --no-sidecar --quiet --rules --verbose' ;;
    profile) options='--build --color --engine --format --gpu --help --help-all --json --launch --max-context --quiet --rules --verbose --worker-id' ;;
    gpus) options='--color --format --help --help-all --json --known --quiet --rules --verbose' ;;
    lint) options='--color --dry-run --fix --format --help --help-all --json --quiet --rules --strict --today --verbose' ;;
    test) options='--color --coverage --format --help --help-all --json --quiet --rules --verbose' ;;
    diff) options='--allow --color --format --help --help-all --json --quiet --rules --today --verbose' ;;
    layers) options='--color --format --help --help-all --json --quiet --rules --today --verbose --within' ;;
    explain) options='--color --format --help --help-all --json --quiet --rules --verbose' ;;
    matrix) options='--color --engine --format --help --help-all --html --json --quiet --rules --verbose' ;;
    fleet) options='--color --format --help --help-all --json --models --pairs --quiet --rules --verbose --workers' ;;
    export) options='--build --catalog --color --context --engine --format --help --help-all --json --launch --max-context --no-sidecar --quiet --rules --strict --verbose' ;;
    watch) options='--color --format --help --help-all --json --quiet --rules --verbose' ;;
  esac
  if [[ -z $verb || $word == -* ]]; then
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    compopt -o default
    COMPREPLY=()
  fi
}
complete -F _cmatch cmatch
