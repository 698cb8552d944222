namespace Fairlead.Kubernetes.Yaml;

/// <summary>Where something is written.</summary>
/// <param name="Source">File name, or what else the text came from.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct SourcePosition(string Source, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as editors understand it.</summary>
    public override string ToString() => $"{Source}:{Line}:{Column}";
}
