using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>An object that nobody here made has the name of one to be created.</summary>
/// <param name="missing">The labels by which it would count as ours.</param>
public sealed class NameOccupiedException(string kind, ObjectKey key, IReadOnlyList<KeyValuePair<string, string>> missing) : Exception(
    $"there is another {kind} {key}, without the labels {string.Join(", ", missing.Select(label => $"{label.Key}={label.Value}"))}; "
    + "delete it, or give it these labels to have it taken over");
