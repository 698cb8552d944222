namespace Fairlead.DevSessions;

/// <summary>The manifests that a session shows when its caller brings none: those of <c>examples/</c>.</summary>
internal static class ExampleManifests
{
    /// <summary>In the order in which they are applied: what is to be seen first comes first.</summary>
    private static readonly string[] Names = ["argocd-server.yaml", "egress.yaml", "load-balancer.yaml"];

    public static IReadOnlyList<(string Name, string Text)> Read() => [.. Names.Select(Read)];

    private static (string Name, string Text) Read(string name)
    {
        using var stream = typeof(ExampleManifests).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var reader = new StreamReader(stream);
        return ($"examples/{name}", reader.ReadToEnd());
    }
}
