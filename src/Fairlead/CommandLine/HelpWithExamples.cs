using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Fairlead.CommandLine;

/// <summary>The usual help, and below it the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Makes every command below <paramref name="root"/> show its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction help)
            {
                option.Action = new HelpWithExamples(help);
            }
        }
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var (commandLine, purpose) in examples)
            {
                output.WriteLine($"  # {purpose}");
                output.WriteLine($"  {commandLine}");
            }

            output.WriteLine();
        }

        return ExitCodes.Success;
    }
}
