using System.CommandLine;

namespace Fairlead.Output;

/// <summary>The option <c>--output</c>, with the same names everywhere.</summary>
internal static class OutputOption
{
    public const string Text = "text";
    public const string Yaml = "yaml";
    public const string Json = "json";

    /// <param name="formats">What the verb can write; the first is the default.</param>
    public static Option<string> Create(params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "Format of the output.",
            DefaultValueFactory = _ => formats[0],
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
