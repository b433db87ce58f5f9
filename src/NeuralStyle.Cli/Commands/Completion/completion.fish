# Tab completion of nst for fish; nst says what fits, and names of files are always among it.
complete -c nst -a '(set -l line (commandline -cp); nst "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'
