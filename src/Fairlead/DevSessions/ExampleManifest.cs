namespace Fairlead.DevSessions;

/// <summary>The manifest that a session shows when its caller brings none: <c>examples/argocd-server.yaml</c>.</summary>
internal static class ExampleManifest
{
    private const string Name = "argocd-server.yaml";

    public static (string Name, string Text) Read()
    {
        using var stream = typeof(ExampleManifest).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The program was built without {Name}.");
        using var reader = new StreamReader(stream);
        return ($"examples/{Name}", reader.ReadToEnd());
    }
}
