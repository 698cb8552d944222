using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>A kubeconfig, or the lack of one, does not tell how to reach a cluster. The message says where, which field, and what to do.</summary>
public sealed class KubeconfigException : Exception
{
    public KubeconfigException(string problem, string remedy, SourcePosition? position = null, string? field = null, Exception? innerException = null)
        : base(Describe(problem, remedy, position, field), innerException)
    {
        Position = position;
        Field = field;
        Remedy = remedy;
    }

    /// <summary>File, line and column, where the problem is in a file.</summary>
    public SourcePosition? Position { get; }

    /// <summary>Path of the field, for example <c>users[0].user.exec.command</c>.</summary>
    public string? Field { get; }

    public string Remedy { get; }

    private static string Describe(string problem, string remedy, SourcePosition? position, string? field)
    {
        var place = (position, field) switch
        {
            (null, null) => "",
            (null, _) => $"{field}: ",
            (_, null) => $"{position}: ",
            _ => $"{position}: {field}: ",
        };
        return $"{place}{problem}. {remedy}";
    }
}
