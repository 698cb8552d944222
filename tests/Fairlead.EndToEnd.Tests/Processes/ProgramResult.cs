namespace Fairlead.EndToEnd.Tests.Processes;

/// <summary>What a run of the program left behind.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
