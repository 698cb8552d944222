using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.Completion;

namespace Fairlead.Verbs;

/// <summary><c>fairlead completion SHELL</c>: prints the script that makes a shell complete this program's command lines.</summary>
internal static class CompletionVerb
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell to complete in." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.ByShell.Keys]);
        var verb = new Verb("completion", "Prints a script for shell completion.")
        {
            Examples =
            [
                ("source <(fairlead completion bash)", "complete in this bash; put the line into ~/.bashrc to keep it"),
                ("fairlead completion zsh > \"${fpath[1]}/_fairlead\"", "complete in every zsh"),
                ("fairlead completion fish > ~/.config/fish/completions/fairlead.fish", "complete in every fish"),
            ],
        };
        verb.Arguments.Add(shell);
        verb.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(CompletionScripts.ByShell[result.GetRequiredValue(shell)]);
            return ExitCodes.Success;
        });
        return verb;
    }
}
