namespace Fairlead.Kubernetes.Observability;

/// <summary>One reason why the process may not be well.</summary>
/// <param name="Name">Lower-case words with dashes.</param>
/// <param name="Problem">Null while all is well, otherwise what is wrong. Must return at once.</param>
public sealed record HealthCheck(string Name, Func<string?> Problem);
