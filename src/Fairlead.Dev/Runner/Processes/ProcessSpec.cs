using System.Collections.Immutable;

namespace Fairlead.Dev.Runner.Processes;

/// <summary>A process to start.</summary>
/// <param name="Environment">All of it: nothing is inherited.</param>
internal sealed record ProcessSpec(
    string Executable, ImmutableArray<string> Arguments, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory);
