# Tab completion of nst for bash; nst says what fits, and names of files are always among it.
_nst() {
    local words cur=$2 prev=$3 IFS=$'\n'
    words=$("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if [[ $cur != -* && ! ($prev == -* && -n $words && ${#COMPREPLY[@]} -gt 0) ]]; then
        compopt -o filenames 2>/dev/null
        COMPREPLY+=($(compgen -f -- "$cur"))
    fi
}
complete -F _nst nst
