using System.Text.RegularExpressions;

namespace Fairlead.Architecture.Tests;

/// <summary>What a library must not know, by its own words.</summary>
public sealed partial class LibraryBoundaryTests
{
    [Fact]
    public void The_Kubernetes_library_knows_no_tailnet() =>
        Assert.Empty(FilesMatching("Fairlead.Kubernetes", TailnetWord()));

    [Fact]
    public void The_Tailscale_library_knows_no_Kubernetes() =>
        Assert.Empty(FilesMatching("Fairlead.Tailscale", KubernetesUse()));

    [Fact]
    public void The_tailnet_node_knows_no_Kubernetes() =>
        Assert.Empty(FilesMatching("Fairlead.Tailnet", KubernetesUse()).Concat(FilesMatching("Fairlead.Tailnet.Protocol", KubernetesUse())));

    [Fact]
    public void Plans_do_no_input_or_output() =>
        Assert.Empty(FilesMatching("Fairlead.Operator", InputOrOutput(), path => Path.GetFileName(path).EndsWith("Plan.cs", StringComparison.Ordinal)));

    [Fact]
    public void No_code_asks_the_wall_clock_or_sleeps_literally() =>
        Assert.Empty(Directory.GetDirectories(Repository.Source).SelectMany(project => FilesMatching(Path.GetFileName(project), WallClock())));

    private static IEnumerable<string> FilesMatching(string project, Regex pattern, Func<string, bool>? filter = null) =>
        from path in Repository.CodeFiles(Path.Combine(Repository.Source, project))
        where filter?.Invoke(path) != false && pattern.IsMatch(File.ReadAllText(path))
        select Path.GetRelativePath(Repository.Source, path);

    [GeneratedRegex("tailscale|tailnet", RegexOptions.IgnoreCase)]
    private static partial Regex TailnetWord();

    [GeneratedRegex(@"using Fairlead\.Kubernetes|apiVersion")]
    private static partial Regex KubernetesUse();

    [GeneratedRegex(@"\basync\b|\bawait\b|HttpClient|File\.|Environment\.|KubernetesClient")]
    private static partial Regex InputOrOutput();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|Thread\.Sleep|Task\.Delay\(\d")]
    private static partial Regex WallClock();
}
