namespace Fairlead.Kubernetes.Resources.ApiExtensions;

/// <summary>Empty: its presence switches the status subresource on.</summary>
public sealed record CustomResourceSubresourceStatus : ExtensibleRecord;
