#compdef nst
# Tab completion of nst for zsh; nst says what fits, and names of files are always among it.
_nst() {
    local -a words_of_nst
    words_of_nst=("${(@f)$(${words[1]} "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
    compadd -- ${words_of_nst:#}
    [[ $PREFIX == -* ]] || _files
}
compdef _nst nst
