namespace Fairlead.Tailnet.Filtering;

/// <summary>Capabilities that some sources have toward some addresses, each with its raw JSON values.</summary>
internal sealed record CompiledGrant(AddressSet Sources, AddressSet Destinations, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Capabilities);
