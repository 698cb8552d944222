namespace Fairlead.Kubernetes.Resources.Core;

public sealed record HttpGetAction : ExtensibleRecord
{
    public string? Path { get; init; }

    public IntOrString? Port { get; init; }

    public string? Host { get; init; }

    public string? Scheme { get; init; }

    public IReadOnlyList<HttpHeader>? HttpHeaders { get; init; }
}
