"""Words: frames of a line over letters in, the amounts that it may say in words out, with their log likelihoods."""
