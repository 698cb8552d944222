namespace Fairlead.Completion;

/// <summary>
/// Shell functions that ask the program itself what fits at the cursor, through the <c>[suggest]</c> directive. They put the
/// program's name where the typed path was, because the directive's answer depends on it.
/// </summary>
internal static class CompletionScripts
{
    public static IReadOnlyDictionary<string, string> ByShell { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["powershell"] = PowerShell,
    };

    private const string Bash = """
        # bash completion for fairlead
        _fairlead() {
          local typed=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} line position
          line="fairlead${COMP_LINE:${#typed}}"
          position=$((COMP_POINT - ${#typed} + 8))
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("$typed" "[suggest:$position]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _fairlead fairlead

        """;

    private const string Zsh = """
        #compdef fairlead
        # zsh completion for fairlead
        _fairlead() {
          local typed=${words[1]} line="fairlead ${(j: :)words[2,CURRENT]}"
          local -a found
          found=(${(f)"$("$typed" "[suggest:${#line}]" "$line" 2>/dev/null)"})
          if (( ${#found} )); then
            compadd -- "${found[@]}"
          else
            _files
          fi
        }
        compdef _fairlead fairlead

        """;

    private const string Fish = """
        # fish completion for fairlead
        function __fairlead_complete
          set -l typed (commandline -cp)
          fairlead "[suggest:"(string length -- "$typed")"]" "$typed" 2>/dev/null
        end
        complete -c fairlead -a '(__fairlead_complete)'

        """;

    private const string PowerShell = """
        # PowerShell completion for fairlead
        Register-ArgumentCompleter -Native -CommandName fairlead -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $line = $commandAst.ToString().PadRight($cursorPosition)
          fairlead "[suggest:$cursorPosition]" "$line" 2>$null |
            Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
