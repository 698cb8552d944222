namespace Fairlead.Kubernetes.Tests.Client;

internal sealed record ReceivedRequest(
    string Method,
    string Path,
    string Query,
    string? ContentType,
    string Body,
    IReadOnlyDictionary<string, string> Headers,
    string Protocol,
    string? ClientCertificate)
{
    /// <summary>The values of a header, one for each line it had.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string?>> HeaderLines { get; init; }
}
