namespace Fairlead.DevSessions;

/// <summary>One station of a request.</summary>
/// <param name="Place">Who, with the address there.</param>
/// <param name="Detail">What happens there, or how it was reached.</param>
/// <param name="Took">What of the time was spent on it, where that is known.</param>
internal sealed record Hop(string Place, string Detail, TimeSpan? Took);
