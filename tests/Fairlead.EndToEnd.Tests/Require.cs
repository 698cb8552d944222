namespace Fairlead.EndToEnd.Tests;

/// <summary>Skips tests that this machine cannot run.</summary>
internal static class Require
{
    public static void PodsAsProcesses() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Pods run as processes on Linux alone");

    public static void Program(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))),
        $"{name} is not on PATH");
}
