namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Tests that share a <see cref="TrafficFixture"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class TrafficCollection : ICollectionFixture<TrafficFixture>
{
    public const string Name = "Traffic";
}
