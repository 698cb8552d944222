namespace Fairlead.Kubernetes.Resources.Core;

public sealed record WindowsSecurityContextOptions : ExtensibleRecord
{
    public string? GmsaCredentialSpecName { get; init; }

    public string? GmsaCredentialSpec { get; init; }

    public string? RunAsUserName { get; init; }

    public bool? HostProcess { get; init; }
}
