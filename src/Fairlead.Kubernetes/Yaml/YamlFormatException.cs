namespace Fairlead.Kubernetes.Yaml;

/// <summary>A text is not YAML that stands for JSON.</summary>
public sealed class YamlFormatException(SourcePosition position, string problem, Exception? innerException = null)
    : Exception($"{position}: {problem}", innerException)
{
    public SourcePosition Position { get; } = position;

    /// <summary>The message without the position.</summary>
    public string Problem { get; } = problem;
}
