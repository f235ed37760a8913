// What an application writes once to use the packages, as the README shows it.
import { axiosInstance } from '@refinedev/simple-rest';
import { fetchUtils } from 'ra-core';

/** react-admin: a data provider whose requests carry the token. */
export const signedIn = (provider, api, token) =>
  provider(api, (url, options = {}) =>
    fetchUtils.fetchJson(url, { ...options, user: { authenticated: true, token: `Bearer ${token()}` } }),
  );

/** refine: requests carry the token, and its forms find the message of each field. */
export function setUp(token) {
  axiosInstance.interceptors.request.use(config => {
    if (token()) config.headers.set('Authorization', `Bearer ${token()}`);
    return config;
  });
  axiosInstance.interceptors.response.use(undefined, error =>
    Promise.reject({ ...error, errors: error.response?.data?.errors }),
  );
}
