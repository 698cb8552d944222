namespace Fairlead.Kubernetes.Informers;

/// <summary>How an informer is doing.</summary>
/// <param name="Problem">What is wrong and what to do about it; null while all is well.</param>
/// <param name="Since">When this phase began.</param>
public sealed record InformerStatus(InformerPhase Phase, string? Problem, DateTimeOffset Since);
