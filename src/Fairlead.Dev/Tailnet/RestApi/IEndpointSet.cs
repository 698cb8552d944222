namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>The routes of one capability.</summary>
internal interface IEndpointSet
{
    IEnumerable<ApiRoute> Routes { get; }
}
