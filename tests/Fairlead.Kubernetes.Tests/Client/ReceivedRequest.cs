namespace Fairlead.Kubernetes.Tests.Client;

internal sealed record ReceivedRequest(
    string Method,
    string Path,
    string Query,
    string? ContentType,
    string Body,
    IReadOnlyDictionary<string, string> Headers,
    string Protocol,
    string? ClientCertificate);
