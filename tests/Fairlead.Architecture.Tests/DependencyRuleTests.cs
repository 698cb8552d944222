using System.Reflection;
using System.Xml.Linq;

namespace Fairlead.Architecture.Tests;

/// <summary>The dependency rule of ARCHITECTURE.md, checked on project files and on what was really compiled.</summary>
public sealed class DependencyRuleTests
{
    /// <summary>What each project may reference, directly or not.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Fairlead.Kubernetes"] = [],
        ["Fairlead.Tailscale"] = [],
        ["Fairlead.Tailnet.Protocol"] = [],
        ["Fairlead.Tailnet"] = ["Fairlead.Tailnet.Protocol"],
        ["Fairlead.Dev"] = ["Fairlead.Tailnet.Protocol"],
        ["Fairlead.Operator"] = ["Fairlead.Kubernetes", "Fairlead.Tailscale"],
        ["Fairlead.Proxy"] = ["Fairlead.Kubernetes", "Fairlead.Tailscale", "Fairlead.Tailnet.Protocol", "Fairlead.Tailnet"],
        ["Fairlead"] =
        [
            "Fairlead.Kubernetes", "Fairlead.Tailscale", "Fairlead.Tailnet.Protocol", "Fairlead.Tailnet", "Fairlead.Operator", "Fairlead.Proxy",
            "Fairlead.Dev",
        ],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_has_a_rule()
    {
        var projects = Directory.GetDirectories(Repository.Source).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_files_reference_only_what_lies_below(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Source, project, $"{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assemblies_reference_only_what_lies_below(string project)
    {
        var assembly = Assembly.Load(project == "Fairlead" ? "fairlead" : project);
        var references = assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Fairlead", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(references.Except(Allowed[project]));
    }
}
