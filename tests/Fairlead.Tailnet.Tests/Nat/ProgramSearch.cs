namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>Finds programs of the system.</summary>
internal static class ProgramSearch
{
    // Programs for administrators are often installed where a user's PATH does not lead.
    private static readonly string[] SystemDirectories = ["/usr/sbin", "/sbin"];

    public static bool Finds(string program) => Find(program) is not null;

    public static string Require(string program) => Find(program) ?? throw new FileNotFoundException($"'{program}' is not installed.");

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Concat(SystemDirectories)
        .Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(File.Exists);
}
