using Fairlead.Kubernetes.Resources;

namespace Fairlead.DevSessions;

/// <summary>A request of the laptop's through the tailnet, and what became of it.</summary>
/// <param name="Outcome">As <c>200 OK</c>, or what went wrong.</param>
/// <param name="HasArrived">Whether an answer came back that says so.</param>
/// <param name="Took">From the first look at the name to the end of the answer's head.</param>
internal sealed record Journey(ObjectKey Service, Uri Url, string Outcome, bool HasArrived, TimeSpan Took, IReadOnlyList<Hop> Hops);
