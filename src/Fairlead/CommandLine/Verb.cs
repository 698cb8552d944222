using System.CommandLine;

namespace Fairlead.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines, each with what it is for.</summary>
    public IReadOnlyList<(string CommandLine, string Purpose)> Examples { get; init; } = [];
}
