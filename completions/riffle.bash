# Completion of riffle for bash: source it, or install it as /usr/share/bash-completion/completions/riffle.
# riffle itself says what can stand there (riffle help complete WORD...).

_riffle() {
  # Bash cuts words at characters like = and : too. Words are what blanks cut.
  local rest=${COMP_LINE:0:COMP_POINT} word blanks i
  local -a words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blanks=${rest%%[![:blank:]]*}
    rest=${rest#"$blanks"}
    word=${COMP_WORDS[i]}
    [[ $rest == "$word"* ]] || word=$rest
    rest=${rest#"$word"}
    if [[ $blanks || i -eq 0 ]]; then words+=("$word"); else words[-1]+=$word; fi
  done
  local written=${word#[\'\"]} quoted=
  [[ $word == [\'\"]* ]] && quoted=yes
  for i in "${!words[@]}"; do
    case ${words[i]} in
      \'*) words[i]=${words[i]#\'} words[i]=${words[i]%\'} ;;
      \"*) words[i]=${words[i]#\"} words[i]=${words[i]%\"} ;;
      *) words[i]=${words[i]//\\/} ;;
    esac
  done
  [[ $quoted ]] || written=${written//\\/}

  local kind line candidate
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; continue; fi
    candidate=${line%%$'\t'*}
    candidate=${candidate#"${words[-1]%"$written"}"}
    if [[ $quoted || $kind != parts ]]; then COMPREPLY+=("$candidate"); else COMPREPLY+=("$(printf %q "$candidate")"); fi
  done < <("${COMP_WORDS[0]}" help complete "${words[@]:1}" 2>/dev/null)

  if [[ $kind == parts ]]; then
    compopt -o nospace
    # Of a single candidate bash would close the quote.
    [[ $quoted && ${#COMPREPLY[@]} -eq 1 ]] && COMPREPLY+=("${COMPREPLY[0]} ")
  elif [[ $kind == files ]]; then
    compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$written")
  fi
}
complete -F _riffle riffle
