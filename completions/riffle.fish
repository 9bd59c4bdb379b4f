# Completion of riffle for fish: install it as riffle.fish in a folder of $fish_complete_path.
# riffle itself says what can stand there (riffle help complete WORD...).

function __riffle_complete
    set -l tokens (commandline -opc)
    set -l current (string replace -r '^[\'"]' '' -- (commandline -ct))
    set -l answer (command $tokens[1] help complete $tokens[2..] "$current" 2>/dev/null)
    printf '%s\n' $answer[2..]
    test "$answer[1]" = files; and __fish_complete_path "$current"
end
complete -c riffle -f -a '(__riffle_complete)'
